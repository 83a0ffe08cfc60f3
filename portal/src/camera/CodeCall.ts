/** A picture that the page hands to the worker, which answers at the port that comes with it. */
export interface CodeCall {
  readonly picture: ImageBitmap;
  /** Milliseconds for further tries, after the first has failed. */
  readonly time: number;
}

/** Answer of the worker. */
export interface CodeAnswer {
  /** Text of the code; absent if none was found. */
  readonly text?: string;
}
