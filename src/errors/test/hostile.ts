/** A text that clears a screen, forges a row, turns the reading direction, hides, and overflows. */
export const HOSTILE = [
  'scan\u001b[2J\u001b[H\u001b]0;owned\u0007\u009b31m\u007f',
  '\r\n0xdeadbeef  1        laboratory  2.1 kB',
  '\u2028\u0085\u202egnp.exe\u2066\u200b\u{e0041}\u061c',
  `\ud800Z${'\u0301'.repeat(400)}`,
].join('');

/** Characters that must not reach a terminal, a page or a log unescaped; line feeds are left out. */
export const OBEYED =
  /(?!\n)[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b\u061c\u{e0000}-\u{e007f}]|\u0301{9}/u;
