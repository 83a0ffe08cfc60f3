/** A group of medicines that are alike in what they do, or in what the body does not bear. */
interface SubstanceGroup {
  readonly name: string;
  /** Beginnings of ATC codes, as the WHO's ATC index groups them. */
  readonly atc: readonly string[];
  /** Words of a name: stems of the WHO's list for international nonproprietary names, else the names themselves. */
  readonly word: RegExp;
}

/**
 * A few groups in which one name stands for many, such as an allergy to *penicillin* and *amoxicillin*. It is not a database
 * of interactions, nor complete: other substances are only compared by code and word.
 */
const GROUPS: readonly SubstanceGroup[] = [
  { name: 'penicillins', atc: ['J01C'], word: /cillin|^augmentin/ },
  {
    name: 'cephalosporins',
    atc: ['J01DB', 'J01DC', 'J01DD', 'J01DE', 'J01DI'],
    word: /^ce(?:f|ph)/,
  },
  { name: 'carbapenems', atc: ['J01DH'], word: /penem/ },
  { name: 'sulfonamides', atc: ['J01E'], word: /^sul(?:f|ph)(?:a(?!te?\b)|ona)|co-?trimoxazol/ },
  {
    name: 'macrolides',
    atc: ['J01FA'],
    word: /^ma[ck]rolid|(?:erythro|azithro|clarithro|roxithro)m[yi][cz]in/,
  },
  { name: 'tetracyclines', atc: ['J01AA'], word: /[cz]y[ck]lin/ },
  { name: 'quinolones', atc: ['J01M'], word: /floxa[cz]in|[qc]h?u?inolon/ },
  {
    name: 'aminoglycosides',
    atc: ['J01G'],
    word: /^(?:gentami|tobramy|streptomy|neomy)[cz]in|^amika[cz]in|^aminogly/,
  },
  {
    name: 'anti-inflammatory painkillers',
    atc: ['M01A', 'N02BA', 'B01AC06'],
    word: /profen$|coxib$|^(?:naproxen|diclofenac|indometh?acin|meloxicam|piroxicam|ketorolac|metamizol|aspirin|acetylsali[ck]|nsai[dr])/,
  },
  {
    name: 'opioids',
    atc: ['N02A', 'N07BC'],
    word: /^opi(?:oid|at)|^(?:levo)?methadon|(?:morphin?|morfin|codein|kodein|codone?|morphone?|fentanyl|tramadol|tapentadol|buprenorphin)/,
  },
  { name: 'statins', atc: ['C10AA'], word: /vastatin|^statin/ },
  { name: 'ACE inhibitors', atc: ['C09A', 'C09B'], word: /pril$/ },
  { name: 'sartans', atc: ['C09C', 'C09D'], word: /sartan/ },
  { name: 'beta blockers', atc: ['C07'], word: /olol$/ },
  {
    name: 'proton pump inhibitors',
    atc: ['A02BC'],
    word: /^(?:es)?omeprazol|^(?:panto|lanso|dexlanso|rabe)prazol/,
  },
  { name: 'benzodiazepines', atc: ['N05BA', 'N05CD'], word: /azepam|azolam/ },
  {
    name: 'anticoagulants',
    atc: ['B01AA', 'B01AE', 'B01AF'],
    word: /xaban|gatran|^(?:warfarin|phenprocoumon|acenocoumarol)/,
  },
  {
    name: 'serotonin reuptake inhibitors',
    atc: ['N06AB'],
    word: /^(?:fluoxetin|sertralin|(?:es)?citalopram|paroxetin|fluvoxamin)/,
  },
  { name: 'local anaesthetics', atc: ['N01B'], word: /[ck]aine?$/ },
];

/**
 * Returns the names of the groups that an ATC code lies in.
 *
 * @param code - The code, such as `J01CA04`.
 */
export function groupsOfAtc(code: string): readonly string[] {
  return GROUPS.filter(({ atc }) => atc.some((prefix) => code.startsWith(prefix))).map(
    ({ name }) => name,
  );
}

/**
 * Returns the names of the groups that a word of a medicine's name belongs to.
 *
 * @param word - Lower case, without accents.
 */
export function groupsOfWord(word: string): readonly string[] {
  return GROUPS.filter((group) => group.word.test(word)).map(({ name }) => name);
}
