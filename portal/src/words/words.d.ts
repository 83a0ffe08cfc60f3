/** The compiled messages of a language, which the build makes of its JSON files. */
declare module 'words:*' {
  import type { Messages } from '@lingui/core';
  export const words: Messages;
}
