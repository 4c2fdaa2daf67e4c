import type { PerMessageDeflateOptions } from 'ws';

/** What ws exports and its types leave out. */
declare module 'ws' {
  /** Reads and writes `Sec-WebSocket-Extensions`; a parameter has all its values, true for one without. */
  export const extension: {
    parse(header: string): Record<string, Record<string, unknown[]>[]>;
    format(extensions: Record<string, Record<string, unknown[]>[]>): string;
  };
  export class PerMessageDeflate {
    constructor(options: PerMessageDeflateOptions & { readonly isServer: boolean });
    /** @throws where none of the offers can be accepted */
    accept(offers: Record<string, unknown[]>[]): Record<string, unknown>;
  }
  export { PerMessageDeflateOptions };
}
