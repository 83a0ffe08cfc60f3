import { utf8ToBytes } from '../../../src/crypto/bytes.ts';

/** Stands for a number in hexadecimal. */
const N = '"\u0001"';

/** Words that prescriptions, orders before a second doctor and device pins say each time. The most frequent come last. */
const WORDS = [
  `{"log":"care/hospital","index":1,"entry":${N},"verdicts":[{"organisation":"hospital","signature":${N}},{"organisation":"laboratory","signature":${N}}]}`,
  `{"message":{"prescription":${N},"step":1,"amount":20,"deadline":1790000000},"signature":${N}}`,
  `{"format":"medseal-pin/1","network":${N},"organisation":"hospital","epoch":1,"categories":["vitals"],"handle":${N}}`,
  '"coding":[{"system":"http://www.whocc.no/atc","code":"J01CA04","display":"amoxicillin"}],',
  '"dosageInstruction":[{"text":"One tablet in the morning","timing":{"repeat":{"frequency":1,"period":1,"periodUnit":"d"}}}]',
  '"code":"http://www.whocc.no/atc|J01CA04","unit":"capsules","controlled":true',
  `{"format":"medseal-slip/1","network":${N},"prescription":{"terms":{"handle":${N},"record":${N},"content":${N},"medicine":"Amoxicillin 500 mg capsules","code":"","unit":"tablets","controlled":false,"salt":${N}},"prescriber":${N},"second":${N},"holder":${N},"slip":${N},"amount":20,"fills":1,"interval":0,"from":1790000000,"until":1790000000,"replaces":${N},"deadline":1790000000},"request":{"resourceType":"MedicationRequest","status":"active","intent":"order","medicationCodeableConcept":{"text":""},"subject":{"identifier":{"system":"urn:medseal:handle","value":${N}}},"authoredOn":"2026-11-27T10:00:00Z","requester":{"identifier":{"system":"urn:medseal:party","value":${N}}},"dosageInstruction":[{"text":""}],"dispenseRequest":{"validityPeriod":{"start":"2026-11-27T10:00:00Z","end":"2026-12-27T10:00:00Z"},"numberOfRepeatsAllowed":0,"quantity":{"value":20,"unit":"tablets"}}},"key":${N}}`,
];

/**
 * The words that a packed code refers to instead of holding them. It never changes: other words are another dictionary, with another
 * number in the code’s prefix.
 */
export const CODE_DICTIONARY = utf8ToBytes(WORDS.join(''));
