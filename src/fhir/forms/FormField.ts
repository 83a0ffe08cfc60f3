import type { Role } from '../../protocol/vocabulary.ts';

/** Names of the fields of clinical forms. A name means the same in each form that has it. */
export type FormFieldName =
  | 'known'
  | 'substance'
  | 'criticality'
  | 'reaction'
  | 'severity'
  | 'problem'
  | 'vaccine'
  | 'code'
  | 'system'
  | 'status'
  | 'certainty'
  | 'kind'
  | 'group'
  | 'began'
  | 'ended'
  | 'measured'
  | 'systolic'
  | 'diastolic'
  | 'pulse'
  | 'temperature'
  | 'oxygen'
  | 'breathing'
  | 'weight'
  | 'height'
  | 'given'
  | 'lot'
  | 'dose'
  | 'service'
  | 'specialty'
  | 'priority'
  | 'reason'
  | 'ordered'
  | 'laboratory'
  | 'test'
  | 'value'
  | 'unit'
  | 'low'
  | 'high'
  | 'interpretation'
  | 'taken'
  | 'conclusion'
  | 'amount'
  | 'often'
  | 'times'
  | 'when'
  | 'clock'
  | 'hours'
  | 'pause'
  | 'days'
  | 'route'
  | 'needed'
  | 'note';

/** Properties that fields of every kind have. */
interface AnyField {
  readonly name: FormFieldName;
  /** True if the form is not taken without it. */
  readonly required?: true;
  /** True if few people fill it in: a page may fold it. */
  readonly rare?: true;
  /** The field is there only if another one has this value. */
  readonly only?: readonly [FormFieldName, string];
}

/** A text of the author. */
export interface TextFormField extends AnyField {
  readonly type: 'text';
  /** Most characters. */
  readonly longest: number;
  /** True if it may have several lines. */
  readonly lines?: true;
}

/** One of several values. */
export interface ChoiceFormField extends AnyField {
  readonly type: 'choice';
  /** The value that holds if none is chosen; absent if none need be. */
  readonly first?: string;
  readonly choices: readonly string[];
}

/** Some of several values, with blanks or commas between them. */
export interface SeveralFormField extends AnyField {
  readonly type: 'several';
  readonly choices: readonly string[];
}

/** Times of a day, such as `08:00 20:00`. */
export interface ClockFormField extends AnyField {
  readonly type: 'clock';
  /** Most times. */
  readonly most: number;
}

/** A number, with a point or a comma. */
export interface NumberFormField extends AnyField {
  readonly type: 'number';
  /** Least and most that a person can have. */
  readonly low: number;
  readonly high: number;
  /** Most digits behind the point. */
  readonly decimals: number;
  /** For people; absent of a count. */
  readonly unit?: string;
  /** Least and most that is usual: a page asks to look again at a value beyond. */
  readonly usual?: readonly [low: number, high: number];
}

/** A day or a moment, of the past. */
export interface DateFormField extends AnyField {
  /**
   * `day` such as `2026-03-14`; `partial` also `2026-03` or `2026`; `moment` such as `2026-03-14T09:30`, of this device's
   * time zone unless it states one.
   */
  readonly type: 'day' | 'partial' | 'moment';
}

/** A party of the network, by its address. */
export interface PartyFormField extends AnyField {
  readonly type: 'party';
  /** The role that it must have; whoever tells it of the form confirms that. */
  readonly role: Role;
}

/** A field of a clinical form. */
export type FormField =
  | TextFormField
  | ChoiceFormField
  | SeveralFormField
  | ClockFormField
  | NumberFormField
  | DateFormField
  | PartyFormField;

/** Texts that a person typed into the fields of a form, by their names; an empty one counts as absent. */
export type FormValues = Readonly<Partial<Record<FormFieldName, string>>>;

/** The reason for which a value of a form is not taken. */
export interface FormFault {
  readonly field: FormFieldName;
  /**
   * `missing`: it is not given and must be; `nothing`: none of several fields is given, of which one must be; `unfit`: it is given, and another field says that it has no place;
   * `hidden`: it has characters that nobody can see.
   */
  readonly fault:
    | 'missing'
    | 'nothing'
    | 'unfit'
    | 'too-long'
    | 'hidden'
    | 'not-listed'
    | 'not-a-number'
    | 'too-low'
    | 'too-high'
    | 'not-a-date'
    | 'too-early'
    | 'too-late'
    | 'not-a-code'
    | 'not-a-time'
    | 'not-a-party';
  /** The least or the most, or what is listed. */
  readonly limit?: string;
}
