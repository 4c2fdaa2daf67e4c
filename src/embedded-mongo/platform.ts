import { USE_A_SERVER, type EngineFailure } from './engine-error.js';

/** What decides whether there is an engine for a machine. */
export interface Platform {
  readonly os: string;
  readonly cpu: string;
  /** The C library's release where it is glibc, such as `2.36`; null otherwise. */
  readonly glibc: string | null;
}

/** This machine. */
export function currentPlatform(): Platform {
  return {
    os: process.platform,
    cpu: process.arch,
    glibc: process.platform === 'linux' ? glibcVersion() : null,
  };
}

/** Null where there is an engine: Linux with glibc on x64 and arm64, macOS on arm64. */
export function unsupportedPlatform({ os, cpu, glibc }: Platform): EngineFailure | null {
  const isSupported =
    (os === 'linux' && (cpu === 'x64' || cpu === 'arm64') && glibc !== null) ||
    (os === 'darwin' && cpu === 'arm64');
  if (isSupported) return null;
  const name = os === 'linux' && glibc === null ? `linux ${cpu} without glibc` : `${os} ${cpu}`;
  return {
    code: 'PLATFORM_UNSUPPORTED',
    message: `the embedded database does not run on ${name}: ${USE_A_SERVER}`,
  };
}

/** The release of the glibc that this process runs on; null with another C library. */
function glibcVersion(): string | null {
  // Without this the report looks up the name of every network interface. Typed only in later Node.
  const settings = process.report as NodeJS.ProcessReport & { excludeNetwork?: boolean };
  const before = settings.excludeNetwork;
  settings.excludeNetwork = true;
  try {
    const report = settings.getReport() as { header?: { glibcVersionRuntime?: unknown } };
    const version = report.header?.glibcVersionRuntime;
    return typeof version === 'string' ? version : null;
  } finally {
    if (before !== undefined) settings.excludeNetwork = before;
  }
}
