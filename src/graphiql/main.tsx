import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import { createFetcher } from './fetcher.js';

const examples = import.meta.glob<string>('./examples/*.graphql', {
  query: '?raw',
  import: 'default',
  eager: true,
});
/** One tab for each example, in the order of the file names. */
const tabs = Object.entries(examples)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([, query]) => ({ query }));

/** The page is served where it sends its queries, wherever a proxy has put that. */
const endpoint = new URL(window.location.pathname.replace(/\/$/, ''), window.location.href);

const container = document.getElementById('graphiql');
if (!container) throw new Error('the page has no element with the id "graphiql"');
createRoot(container).render(
  <GraphiQL
    fetcher={createFetcher(endpoint)}
    defaultTabs={tabs}
    defaultEditorToolsVisibility={false}
    schemaDescription
  >
    <GraphiQL.Logo>
      <strong>Dynamics</strong>
    </GraphiQL.Logo>
  </GraphiQL>,
);
