/**
 * A character that a person cannot see, or that a terminal, a page or a log obeys: control and format characters, marks
 * of direction, ends of lines, characters that are unassigned, private, half or drawn as nothing. The signs that Arabic
 * writes before a number are format characters, but visible.
 */
export const HIDDEN_CHARACTER =
  /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2800]|(?![\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2])\p{Cf}/u;
