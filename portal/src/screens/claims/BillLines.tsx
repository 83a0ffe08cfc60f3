import type { ReactNode } from 'react';
import type { BillLine } from '../../../../src/fhir/claims/makeInvoice.ts';
import { Button } from '../../ui/Button.tsx';
import { TextField } from '../../ui/TextField.tsx';
import { useWords } from '../../words/useWords.tsx';
import { unitsIn } from './unitsIn.ts';
import choicesLook from '../../ui/Choices.module.css';

/** A line of a bill as somebody types it. */
export interface LineTyped {
  readonly service: string;
  readonly amount: string;
}

/** Properties of `BillLines`. */
export interface BillLinesProps {
  readonly lines: readonly LineTyped[];
  readonly onChange: (lines: readonly LineTyped[]) => void;
  /** True once somebody asked to go on. */
  readonly tried: boolean;
}

const EMPTY: LineTyped = { service: '', amount: '' };
/** Most lines that somebody types. */
const MOST = 50;

/** The lines of a bill, typed one by one. */
export function BillLines({ lines, onChange, tried }: BillLinesProps): ReactNode {
  const { say } = useWords();
  const change = (place: number, changed: Partial<LineTyped>): void =>
    onChange(lines.map((each, at) => (at === place ? { ...each, ...changed } : each)));
  return (
    <fieldset className={choicesLook['choices']}>
      <legend>{say('claims.bill')}</legend>
      {lines.map(({ service, amount }, place) => (
        <div key={place}>
          <TextField
            label={say('claims.service', { number: place + 1 })}
            value={service}
            maxLength={96}
            error={tried && service.trim() === '' ? say('enter.fill-in') : undefined}
            onChange={(text) => change(place, { service: text })}
          />
          <TextField
            label={say('claims.service-amount', { number: place + 1 })}
            inputMode="decimal"
            value={amount}
            error={tried && unitsIn(amount) === undefined ? say('claims.sum-wrong') : undefined}
            onChange={(text) => change(place, { amount: text })}
          />
        </div>
      ))}
      <p className="row">
        {lines.length < MOST && (
          <Button onClick={() => onChange([...lines, EMPTY])}>{say('claims.line-more')}</Button>
        )}
        {lines.length > 1 && (
          <Button onClick={() => onChange(lines.slice(0, -1))}>{say('claims.line-less')}</Button>
        )}
      </p>
    </fieldset>
  );
}

/** Returns the lines of a bill; undefined while one of them is not whole. */
export function linesIn(typed: readonly LineTyped[]): readonly BillLine[] | undefined {
  const lines = typed.flatMap(({ service, amount }) => {
    const units = unitsIn(amount);
    return service.trim() === '' || units === undefined ? [] : [{ service: service.trim(), units }];
  });
  return lines.length === typed.length ? lines : undefined;
}
