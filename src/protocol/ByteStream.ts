/**
 * Bytes that come in pieces. If they are a file of a browser, the file comes along: a worker reads it, or the browser
 * sends it, without its bytes passing through the page.
 */
export type ByteStream = AsyncIterable<Uint8Array> & { readonly blob?: Blob };
