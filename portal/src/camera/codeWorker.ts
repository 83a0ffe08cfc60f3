import type { CodeAnswer, CodeCall } from './CodeCall.ts';
import { readCode } from './readCode.ts';

/** The worker's entry: it looks for a code in each picture that the page hands over, and keeps none. */
self.addEventListener('message', ({ data, ports: [port] }: MessageEvent<CodeCall>) => {
  port?.postMessage(answer(data));
});

const canvas = new OffscreenCanvas(1, 1);
const context = canvas.getContext('2d', { willReadFrequently: true });

function answer({ picture, time }: CodeCall): CodeAnswer {
  const { width, height } = picture;
  // A canvas is empty again when it gets a size.
  canvas.width = width;
  canvas.height = height;
  context?.drawImage(picture, 0, 0);
  picture.close();
  const pixels = context?.getImageData(0, 0, width, height);
  canvas.width = 0;
  const text = pixels && readCode(pixels, time);
  return { ...(text !== undefined && { text }) };
}
