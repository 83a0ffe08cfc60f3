import { CameraRefused, type CameraRefusal } from './CameraRefused.ts';

/** Words of browsers for a camera that is not there, or that the person or a policy keeps from the page (Media Capture and Streams). */
const WHY: ReadonlyMap<string, CameraRefusal> = new Map([
  ['NotFoundError', 'no-camera'],
  ['OverconstrainedError', 'no-camera'],
  ['NotAllowedError', 'refused'],
  ['SecurityError', 'refused'],
]);

/** The camera at the back of a phone, with enough pixels for a dense code; no microphone. */
const WANTED: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: 'environment', width: { ideal: 1920 }, height: { ideal: 1080 } },
};

/** The part of the browser that has cameras. */
export type Cameras = Pick<MediaDevices, 'getUserMedia'>;

const running = new Set<AbortController>();

/**
 * Turns the camera on, once the person allowed it.
 *
 * @param signal - Turns it off, also if the person allows it only later.
 * @param cameras - The browser's; it offers none to a page that did not come safely.
 * @throws CameraRefused without a picture; the signal's reason if it was turned off meanwhile.
 */
export async function openCamera(
  signal: AbortSignal,
  cameras: Cameras | undefined = (navigator as { readonly mediaDevices?: Cameras }).mediaDevices,
): Promise<MediaStream> {
  if (cameras === undefined) throw new CameraRefused('no-camera');
  const closing = new AbortController();
  const ended = AbortSignal.any([signal, closing.signal]);
  ended.throwIfAborted();
  running.add(closing);
  try {
    const stream = await cameras.getUserMedia(WANTED);
    const stop = (): void => {
      running.delete(closing);
      for (const track of stream.getTracks()) track.stop();
    };
    ended.addEventListener('abort', stop, { once: true });
    if (ended.aborted) stop();
    ended.throwIfAborted();
    return stream;
  } catch (error) {
    running.delete(closing);
    ended.throwIfAborted();
    const why = error instanceof DOMException ? WHY.get(error.name) : undefined;
    throw new CameraRefused(why ?? 'stopped', error);
  }
}

/** Turns all cameras off, when the page locks. */
export function closeCameras(): void {
  for (const closing of running) closing.abort();
}
