import 'server-only'
import { constants, createGzip, type Gzip } from 'node:zlib'

/**
 * Compression of one live stream (RFC 1952). Each write is flushed, since an event that waits in a buffer is no news.
 * A small window for each of many streams: some 64 kB of memory instead of 256, for texts that repeat themselves closely.
 */
export function gzipStream(): Gzip {
  return createGzip({ windowBits: 13, memLevel: 6, flush: constants.Z_SYNC_FLUSH })
}
