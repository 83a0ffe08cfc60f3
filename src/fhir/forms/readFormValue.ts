import { HIDDEN_CHARACTER } from '../../errors/hiddenCharacter.ts';
import { visibleText } from '../../errors/visibleText.ts';
import type {
  ClockFormField,
  FormFault,
  FormField,
  NumberFormField,
  SeveralFormField,
  TextFormField,
} from './FormField.ts';
import { ADDRESS } from '../../protocol/wire/findShapeError.ts';
import { dayOf } from './formParts.ts';

/** The first year of a date that anybody on a chart has seen. */
const FIRST_YEAR = '1890';

/** A value in the form that FHIR has, or what is wrong with it. */
export type FormValueRead = string | Omit<FormFault, 'field'>;

/**
 * Reads a value of a form.
 *
 * @param field - Its field.
 * @param text - As it was typed, without blanks around it; not empty.
 * @param at - The moment, Unix seconds.
 */
export function readFormValue(field: FormField, text: string, at: number): FormValueRead {
  switch (field.type) {
    case 'text':
      return readText(field, text);
    case 'choice':
      return field.choices.includes(text)
        ? text
        : { fault: 'not-listed', limit: field.choices.join(', ') };
    case 'several':
      return readSeveral(field, text);
    case 'clock':
      return readClock(field, text);
    case 'number':
      return readNumber(field, text);
    case 'party':
      return ADDRESS.test(text) ? text : { fault: 'not-a-party' };
    case 'moment':
      return readMoment(text, at);
    case 'day':
    case 'partial':
      return readDay(text, field.type === 'partial', at);
  }
}

function readText({ longest, lines }: TextFormField, text: string): FormValueRead {
  const spaced = text.replaceAll('\t', ' ');
  const plain = lines === true ? spaced.replaceAll(/\r\n?/g, '\n') : spaced;
  if (plain.length > longest) return { fault: 'too-long', limit: String(longest) };
  const isSeen = plain
    .split('\n')
    .every((line) => !HIDDEN_CHARACTER.test(line) || !visibleText(line).includes('\\u{'));
  if (!isSeen || (lines !== true && plain.includes('\n'))) return { fault: 'hidden' };
  return plain;
}

function itemsIn(text: string): ReadonlySet<string> {
  return new Set(text.split(/[\s,;]+/).filter((each) => each !== ''));
}

/** Gives the values in the order of the list, each once. */
function readSeveral({ choices }: SeveralFormField, text: string): FormValueRead {
  const items = itemsIn(text);
  const read = choices.filter((each) => items.has(each));
  const isListed = read.length === items.size && read.length > 0;
  return isListed ? read.join(' ') : { fault: 'not-listed', limit: choices.join(', ') };
}

/** Gives the times in the order of the day, each once. */
function readClock({ most }: ClockFormField, text: string): FormValueRead {
  const times = [...itemsIn(text)].map((each) => each.padStart(5, '0')).toSorted();
  const isTimes = times.every((each) => /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(each));
  const isTaken = isTimes && times.length > 0 && new Set(times).size <= most;
  return isTaken ? [...new Set(times)].join(' ') : { fault: 'not-a-time', limit: String(most) };
}

function readNumber({ low, high, decimals }: NumberFormField, text: string): FormValueRead {
  const [, whole, fraction = ''] = /^(\d{1,6})(?:[.,](\d+))?$/.exec(text) ?? [];
  if (whole === undefined || fraction.length > decimals) {
    return { fault: 'not-a-number', limit: String(decimals) };
  }
  const digits = whole.replace(/^0+(?=\d)/, '');
  const number = fraction === '' ? digits : `${digits}.${fraction}`;
  if (Number(number) < low) return { fault: 'too-low', limit: String(low) };
  if (Number(number) > high) return { fault: 'too-high', limit: String(high) };
  return number;
}

const DAY = /^\d{4}(?:-\d\d(?:-\d\d)?)?$/;

function readDay(text: string, isPartial: boolean, at: number): FormValueRead {
  if (!DAY.test(text) || (!isPartial && text.length < 10) || !isOnCalendar(text)) {
    return { fault: 'not-a-date' };
  }
  return timely(text, dayOf(at).slice(0, text.length)) ?? text;
}

const MOMENT = /^(\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:Z|[+-]\d\d:\d\d)?$/;

function readMoment(text: string, at: number): FormValueRead {
  const [, day] = MOMENT.exec(text) ?? [];
  const milliseconds = Date.parse(text);
  if (day === undefined || !isOnCalendar(day) || !Number.isFinite(milliseconds)) {
    return { fault: 'not-a-date' };
  }
  const read = new Date(milliseconds).toISOString();
  return timely(read, new Date(at * 1000).toISOString()) ?? read;
}

function timely(text: string, latest: string): Omit<FormFault, 'field'> | undefined {
  if (text.slice(0, 4) < FIRST_YEAR) return { fault: 'too-early', limit: FIRST_YEAR };
  return text > latest ? { fault: 'too-late' } : undefined;
}

function isOnCalendar(text: string): boolean {
  const date = new Date(`${text.padEnd(10, '-01').slice(0, 10)}T00:00:00Z`);
  return Number.isFinite(date.getTime()) && date.toISOString().startsWith(text);
}
