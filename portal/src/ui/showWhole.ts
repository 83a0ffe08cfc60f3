/**
 * Shows from now on the whole of what somebody has come to by Tab: browsers are content with a part of it. A mouse has it
 * under its pointer, where it must stay.
 */
export function showWhole(): void {
  addEventListener('keyup', ({ key }) => {
    if (key !== 'Tab') return;
    document.activeElement?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });
}
