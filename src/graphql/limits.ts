/** The most tokens a document may have; the largest sensible one has some hundreds. */
export const LARGEST_DOCUMENT_TOKENS = 5_000;

/** The largest message that a WebSocket client may send, bytes. */
export const LARGEST_MESSAGE_BYTES = 1024 * 1024;
