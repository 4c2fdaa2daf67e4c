/** Why a host process could not open the database. */
export type HostFailureCode =
  /** The package, or its part for this platform, is not installed. */
  | 'NOT_INSTALLED'
  /** The library asks for a newer glibc than this system's. */
  | 'GLIBC_TOO_OLD'
  /** The library does not load for another reason. */
  | 'UNLOADABLE'
  /** Another process has the database open. */
  | 'IN_USE'
  /** The engine refused to open the database. */
  | 'OPEN_FAILED';

/** What a host process writes on its standard output, one JSON document a line. */
export type HostMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly code: HostFailureCode; readonly message: string };
