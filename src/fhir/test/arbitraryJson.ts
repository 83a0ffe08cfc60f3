import * as fc from 'fast-check';

/** Numbers in any spelling that JSON allows. */
export const arbitraryNumber: fc.Arbitrary<string> = fc.stringMatching(
  /^-?(?:0|[1-9]\d{0,20})(?:\.\d{1,20})?(?:[eE][+-]?\d{1,3})?$/,
);
const text = fc.string({ unit: 'binary' }).map((value) => JSON.stringify(value));

/** JSON on one line, names unlike each other, none of which the platform puts elsewhere. */
export const arbitraryJson: fc.Arbitrary<string> = fc
  .letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(arbitraryNumber, text, fc.constantFrom('true', 'false', 'null')),
      fc.array(tie('value')).map((items) => `[${items.join(',')}]`),
      fc
        .uniqueArray(fc.tuple(text, tie('value')), { selector: ([name]) => name })
        .map((fields) => fields.filter(([name]) => !/^"(?:\d+|__proto__)"$/.test(name)))
        .map((fields) => `{${fields.map((field) => field.join(':')).join(',')}}`),
    ),
  }))
  // A number that is all there is lies in nothing that could keep how it was written.
  .value.map((json) => (/^[\d-]/.test(json) ? `[${json}]` : json));
