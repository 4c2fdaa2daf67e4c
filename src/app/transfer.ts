import type { Universe } from '../domain/asset.js';
import type { OpenDatabase } from '../open-database.js';
import { Exporter } from '../transfer/exporter.js';
import { packageVersion } from '../version.js';
import { announced, type AnnouncedParts } from './series.js';

interface ExportParts extends AnnouncedParts, Pick<OpenDatabase, 'chunks' | 'origin'> {
  readonly universe: Universe;
}

/** Exports the turns that are announced; what is read for it takes no place from what is kept in memory. */
export function buildExporter(parts: ExportParts): Exporter {
  const { chunks, universe, origin, feed } = parts;
  return new Exporter({
    ...announced(parts),
    ...{ chunks, universe, origin },
    epoch: () => feed.epoch,
    version: packageVersion(),
  });
}
