import type { Fetch } from '../../../src/client/index.ts';

/** Options of `uploadFetch`. */
export interface UploadOptions {
  /** Ends the upload. */
  readonly signal: AbortSignal;
  /** Called with the number of bytes that went. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * Makes a `fetch` that tells how much of a file went, which the platform's own does not tell: it sends files by
 * XMLHttpRequest (WHATWG), and everything else by `fetch`. It follows no redirection.
 *
 * @param options - Ends it early, and hears of its progress.
 */
export function uploadFetch({ signal, onBytes }: UploadOptions): Fetch {
  return async (input, init = {}) => {
    const { body, method = 'GET', headers } = init;
    if (!(body instanceof Blob)) return await fetch(input, { ...init, signal });
    signal.throwIfAborted();
    return await new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(method, input);
      request.responseType = 'arraybuffer';
      for (const [name, value] of new Headers(headers)) request.setRequestHeader(name, value);
      signal.addEventListener('abort', () => request.abort());
      request.upload.addEventListener('progress', ({ loaded }) => onBytes(loaded));
      request.addEventListener('abort', () => reject(signal.reason as Error));
      request.addEventListener('error', () => reject(new TypeError('there is no answer')));
      request.addEventListener('load', () => {
        const { status, response, responseURL } = request;
        if (responseURL !== new URL(input, location.href).href) {
          reject(new TypeError('the answer is a redirection'));
          return;
        }
        const type = request.getResponseHeader('content-type') ?? '';
        // An answer that must be empty takes not even an empty body.
        const answer = status === 204 ? null : (response as ArrayBuffer);
        resolve(new Response(answer, { status, headers: { 'content-type': type } }));
      });
      request.send(body);
    });
  };
}
