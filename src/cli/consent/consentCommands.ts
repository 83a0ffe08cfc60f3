import type { Command } from 'commander';
import { visitor, yes } from '../program/sharedOptions.ts';
import { addNoun, addVerb } from '../program/verb.ts';
import { CONSENT_IMPORT } from './consentOptions.ts';

/**
 * Adds the commands about FHIR Consents: `consent …`.
 *
 * @param program - The command line.
 */
export function addConsentCommands(program: Command): void {
  const consent = addNoun(
    program,
    'consent',
    'take rights from FHIR Consents, or write them as such',
  );
  addVerb(consent, {
    name: 'export <file>',
    about: 'write the rights on your chart to a file, as FHIR R4 Consents',
    args: { file: 'the file; the FHIR is a Bundle in JSON' },
    shared: visitor(),
    notes: 'The file says in the clear who may see what: give it only to people who may know that.',
    examples: ['consent export consents.json'],
    gives: async () => (await import('./consentAnswers.ts')).CONSENTS_EXPORTED,
    load: async () => (await import('./exportConsentsVerb.ts')).exportConsentsVerb,
  });
  addVerb(consent, {
    name: 'import <file>',
    about: 'show the rights that a FHIR R4 Consent comes to, and give them',
    args: { file: 'a Consent, or a Bundle of them, in JSON; -: standard input' },
    options: CONSENT_IMPORT,
    shared: [...visitor(), yes()],
    notes: `The rights never cover more than the Consent says: if no right can say something, it is refused by its path, and
nothing is given. It is safe to repeat: a right that stands is not given again.`,
    examples: [
      'consent import consent.json --until 90d',
      'consent import consent.json --patient Patient/f001 --actor Practitioner/f204=dr-house --yes',
      'consent import consent.json --for dr-house --until 90d',
    ],
    interrupted:
      'Some of the rights may have been given: "grants" shows them. Run it again for the rest.',
    gives: async () => (await import('./consentAnswers.ts')).CONSENT_IMPORTED,
    load: async () => (await import('./importConsent.ts')).importConsent,
  });
}
