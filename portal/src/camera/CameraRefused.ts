/** Reasons for which there is no picture of a camera. */
export type CameraRefusal = 'no-camera' | 'refused' | 'stopped';

/** A camera that gives no picture, and why. */
export class CameraRefused extends Error {
  readonly why: CameraRefusal;

  /**
   * @param why - The reason.
   * @param cause - The browser's error.
   */
  constructor(why: CameraRefusal, cause?: unknown) {
    super(`The camera gives no picture: ${why}.`, { cause });
    this.why = why;
  }
}
