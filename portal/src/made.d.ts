/** The compiled messages of a language, which the build makes of its JSON files. */
declare module 'words:*' {
  import type { Messages } from '@lingui/core';
  export const words: Messages;
}

/** The address of a worker's code, which the build makes one file of. */
declare module '*?worker&url' {
  const url: string;
  export default url;
}

/** The address of a file, as it is. */
declare module '*?url' {
  const url: string;
  export default url;
}

/** The half of pdf.js that reads, which has no types. */
declare module 'pdfjs-dist/legacy/build/pdf.worker.mjs';

/** The drawings that the portal names, as elements with their attributes. */
declare module 'drawings:icons' {
  export const drawings: Readonly<
    Record<
      string,
      readonly (readonly [name: string, attributes: Readonly<Record<string, string>>])[]
    >
  >;
}

/** The classes of a style sheet, under the names that it has them by. */
declare module '*.module.css' {
  const classes: Readonly<Record<string, string>>;
  export default classes;
}
