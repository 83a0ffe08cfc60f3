import { createContext } from 'react';

/**
 * The heading that a screen owes as long as it shows none of its own: a screen that fails before it can draw its page still says
 * where the person is, and gives the way past the menu a place to go to. Undefined below a heading.
 */
export const MissingHeading = createContext<string | undefined>(undefined);
