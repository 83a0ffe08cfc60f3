import { useEffect } from 'react';

/**
 * Shows the whole of what somebody has come to by Tab: browsers are content with a part of it. A mouse has it under its
 * pointer, where it must stay.
 */
export function useWholeFocus(): void {
  useEffect(() => {
    const onKeyUp = ({ key }: KeyboardEvent): void => {
      if (key !== 'Tab') return;
      document.activeElement?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    };
    addEventListener('keyup', onKeyUp);
    return () => removeEventListener('keyup', onKeyUp);
  }, []);
}
