import type { Page } from 'playwright-core';
import type { BrowserName } from '../../../src/client/test/openBrowser.ts';

/** The place of a story, with the things that its people have in their hands. */
export interface Scene {
  /** A page of a browser that knows nobody. */
  readonly page: Page;
  readonly browser: BrowserName;
  /** Address of the node. */
  readonly url: string;
  /** Text of the code of a prescription that a patient shows. */
  readonly slip: string;
  /** A node’s acknowledgement, as a file. */
  readonly proof: string;
  /** Path of the film that Chromium's camera sees. */
  readonly film: string;
  /** Says something beside the result, such as a time. */
  readonly say: (text: string) => void;
}
