/** Size of the pictures, pixels. */
const [WIDTH, HEIGHT] = [1280, 720];
/** Brightness of black, white and what is around, as cameras see them. */
const [BLACK, WHITE, AROUND] = [50, 200, 120];
/** Angle at which a hand holds a code, radians. */
const ANGLE = 0.07;

/**
 * Draws a code as a camera sees it, held a little askew, as a film (YUV4MPEG2) of two equal pictures.
 *
 * @param rows - The code, true for each dark dot, with its white edge; without dots the film shows a wall.
 */
export function filmOf(rows: readonly (readonly boolean[])[]): Buffer {
  const dot = (HEIGHT * 0.9) / Math.max(1, rows.length);
  const [cos, sin] = [Math.cos(ANGLE), Math.sin(ANGLE)];
  const luma = Buffer.alloc(WIDTH * HEIGHT, AROUND);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const [right, down] = [x - WIDTH / 2, y - HEIGHT / 2];
      const column = Math.floor((right * cos + down * sin) / dot + rows.length / 2);
      const row = Math.floor((down * cos - right * sin) / dot + rows.length / 2);
      const dark = rows[row]?.[column];
      if (dark !== undefined) luma[y * WIDTH + x] = dark ? BLACK : WHITE;
    }
  }
  const picture = [Buffer.from('FRAME\n'), luma, Buffer.alloc((WIDTH * HEIGHT) / 2, 128)];
  const head = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`);
  return Buffer.concat([head, ...picture, ...picture]);
}
