import { crc32 } from 'node:zlib';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { RecordingError } from './recorded-data.js';

const MOST_ENTRIES = 10_000;

/** A file within a zip, which is unpacked as it is read. */
export interface ZippedFile {
  readonly name: string;
  /** Ends with a {@link RecordingError} for what is damaged or encrypted. */
  readonly read: () => AsyncIterable<Uint8Array>;
}

/**
 * The files in a zip whose names are wanted.
 * @throws {RecordingError} naming the zip if it is none, or damaged.
 */
export async function filesInZip(
  file: string,
  isWanted: (name: string) => boolean,
): Promise<ZippedFile[]> {
  return withZip(file, async (zip) => {
    if (zip.entryCount > MOST_ENTRIES) {
      throw new RecordingError(`${file}: ${zip.entryCount} files in it, ${MOST_ENTRIES} are read`);
    }
    const files: ZippedFile[] = [];
    for await (const entry of zip.eachEntry()) {
      const { fileName: name } = entry;
      if (isWanted(name)) files.push({ name, read: () => unpack(file, entry) });
    }
    return files;
  });
}

async function* unpack(file: string, entry: Entry): AsyncGenerator<Uint8Array> {
  const zip = await openZip(file);
  try {
    if (entry.isEncrypted()) throw new Error('it is encrypted');
    let checksum = 0;
    for await (const piece of await zip.openReadStreamPromise(entry)) {
      checksum = crc32(piece as Buffer, checksum);
      yield piece as Buffer;
    }
    if (checksum !== entry.crc32) throw new Error('it is damaged: its checksum differs');
  } catch (error) {
    throw faultOf(`${file}: ${entry.fileName}`, error);
  } finally {
    zip.close();
  }
}

async function withZip<T>(file: string, work: (zip: ZipFile) => Promise<T>): Promise<T> {
  const zip = await openZip(file);
  try {
    return await work(zip);
  } catch (error) {
    throw faultOf(file, error);
  } finally {
    zip.close();
  }
}

async function openZip(file: string): Promise<ZipFile> {
  try {
    const zip = await openPromise(file, { autoClose: false, lazyEntries: true });
    // What fails is told to whoever waits for it.
    zip.on('error', () => undefined);
    return zip;
  } catch (error) {
    throw faultOf(file, error);
  }
}

function faultOf(file: string, error: unknown): RecordingError {
  if (error instanceof RecordingError) return error;
  return new RecordingError(`${file}: ${(error as Error).message}`, { cause: error });
}
