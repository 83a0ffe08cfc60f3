import { PDF_BUDGET } from './PdfCalls.ts';

/** Smallest buffer that is counted, bytes. */
const COUNTED = 65_536;
let together = 0;
let isBeyond = false;

/** Begins to count again what is unpacked. */
export function countAgain(): void {
  together = 0;
  isBeyond = false;
}

/** Tells whether the budget was spent since it was last counted again; pdf.js goes on without the part that was too large. */
export function overspent(): boolean {
  return isBeyond;
}

function count(bytes: number): void {
  if (bytes < COUNTED) return;
  together += bytes;
  if (bytes <= PDF_BUDGET.unpacked && together <= PDF_BUDGET.unpackedTogether) return;
  isBeyond = true;
  throw new RangeError('The document unpacks to more than is shown.');
}

/** Has a class of arrays count what it makes, and make nothing beyond the budget. */
function counted<Arrays extends object>(arrays: Arrays): Arrays {
  return new Proxy(arrays, {
    construct(target, parts: readonly unknown[], made) {
      if (typeof parts[0] === 'number') count(parts[0]);
      return Reflect.construct(target as new () => object, parts, made) as object;
    },
  });
}

/** The browser's unpacking of a stream, which makes its buffers itself. */
class CountedDecompression extends DecompressionStream {
  override readonly readable: ReadableStream<Uint8Array<ArrayBuffer>>;

  constructor(format: CompressionFormat) {
    super(format);
    let bytes = 0;
    this.readable = super.readable.pipeThrough(
      new TransformStream({
        transform(piece, controller) {
          bytes += piece.length;
          if (bytes > PDF_BUDGET.unpacked) count(bytes);
          count(Math.max(piece.length, COUNTED));
          controller.enqueue(piece);
        },
      }),
    );
  }
}

// pdf.js expects a page. Its half that reads and its half that draws are both in this worker: because it finds a window, the
// half that reads does not take the worker's messages for its own.
Object.assign(globalThis, {
  window: globalThis,
  // Nobody sees the frame, so the browser would ask it for no pictures.
  requestAnimationFrame: (draw: () => void) => setTimeout(draw, 0),
  cancelAnimationFrame: clearTimeout,
  Uint8Array: counted(Uint8Array),
  Uint8ClampedArray: counted(Uint8ClampedArray),
  DecompressionStream: CountedDecompression,
});
