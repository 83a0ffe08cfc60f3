/** A picture as its dots, line by line: red, green and blue, a byte each. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly dots: Uint8Array;
}
