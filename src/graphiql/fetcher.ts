import {
  createGraphiQLFetcher,
  type Fetcher,
  type FetcherOpts,
  type FetcherParams,
} from '@graphiql/toolkit';
import { getOperationAST, GraphQLError, parse, type DocumentNode } from 'graphql';

/**
 * Sends operations to this server: subscriptions over graphql-ws on the same path, all else over
 * HTTP. What stands in the headers editor goes along both ways: as headers, and as connection
 * parameters, where the server looks for `authorization` in lower case.
 */
export function createFetcher(endpoint: URL): Fetcher {
  const fetcher = createGraphiQLFetcher({
    url: endpoint.href,
    subscriptionUrl: socketAddress(endpoint).href,
    enableIncrementalDelivery: false,
  });
  return (parameters, options) => {
    const document = parseQuery(parameters.query);
    return fetcher(
      document ? withOperationOf(document, parameters) : parameters,
      withLowerCaseHeaders({ ...options, ...(document && { documentAST: document }) }),
    );
  };
}

function socketAddress(endpoint: URL): URL {
  const address = new URL(endpoint);
  address.protocol = endpoint.protocol === 'https:' ? 'wss:' : 'ws:';
  return address;
}

/** Null for a text with a syntax error, which the server then explains. */
function parseQuery(query: string): DocumentNode | null {
  try {
    return parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return null;
    throw error;
  }
}

/**
 * For a moment after a change of tabs GraphiQL still names the operation of the tab before: a text
 * with one operation means that one.
 */
function withOperationOf(document: DocumentNode, parameters: FetcherParams): FetcherParams {
  if (getOperationAST(document, parameters.operationName)) return parameters;
  const { operationName, ...rest } = parameters;
  const only = getOperationAST(document)?.name?.value;
  return only === undefined ? rest : { ...rest, operationName: only };
}

function withLowerCaseHeaders(options: FetcherOpts): FetcherOpts {
  const headers = Object.entries(options.headers ?? {});
  return {
    ...options,
    headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
  };
}
