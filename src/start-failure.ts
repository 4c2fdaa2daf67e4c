import { ConfigError } from './config.js';
import { DatabaseUnavailableError } from './history/database-unavailable.js';

/** The lines to print when a command cannot begin: one for each fault, and nothing but the reason. */
export function explainStartFailure(error: unknown): readonly string[] {
  if (error instanceof ConfigError) return error.faults;
  if (error instanceof DatabaseUnavailableError) return [`MONGO_URI: ${error.message}`];
  if (!(error instanceof Error)) return [String(error)];
  const { code, port, address } = error as NodeJS.ErrnoException & {
    port?: number;
    address?: string;
  };
  if (code === 'EADDRINUSE') {
    const way = 'end that, or set PORT to another one (0 takes one that is free)';
    return [`PORT: ${address}:${port} is in use by another program: ${way}`];
  }
  if (code === 'EADDRNOTAVAIL') return [`HOST: ${address} is no address of this machine`];
  if (code === 'EACCES' && port !== undefined) return [`PORT: no right to listen on ${port}`];
  // Errors with a name of their own are written for people; of others the stack is of use.
  return [
    error.name === 'Error' || error.name === 'TypeError' ? String(error.stack) : error.message,
  ];
}
