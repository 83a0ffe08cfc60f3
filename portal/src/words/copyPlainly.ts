import { withoutMarks } from './readingOrder.ts';

/** Copies what is marked on the page without marks that nobody sees: forms refuse those when it is pasted. */
export function copyPlainly(): void {
  document.addEventListener('copy', (event) => {
    const text = document.getSelection()?.toString() ?? '';
    const plain = withoutMarks(text);
    if (plain === text) return;
    event.clipboardData?.setData('text/plain', plain);
    event.preventDefault();
  });
}
