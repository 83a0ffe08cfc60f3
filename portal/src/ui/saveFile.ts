/**
 * Has the browser save a file that the page made.
 *
 * @param name - File name.
 * @param content - Its bytes or text.
 * @param type - Media type.
 */
export function saveFile(name: string, content: Uint8Array | string, type: string): void {
  const part = typeof content === 'string' ? content : Uint8Array.from(content);
  saveBlob(name, new Blob([part], { type }));
}

/**
 * Has the browser save a file that may be larger than memory.
 *
 * @param name - File name.
 * @param blob - Its content.
 */
export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser takes the bytes after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
