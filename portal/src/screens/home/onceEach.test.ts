import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { arrangeChart } from '../../fhir/arrangeChart.ts';
import { englishWords } from '../../fhir/test/englishWords.ts';
import { onceEach } from './onceEach.ts';

function order(text: string, dose: string, authoredOn: string): unknown {
  return {
    resourceType: 'MedicationRequest',
    status: 'active',
    authoredOn,
    medicationCodeableConcept: { text },
    dosageInstruction: [{ text: dose }],
  };
}

describe('a list of medicines', () => {
  it('has each that says the same once, the newest, and never leaves out another dose', () => {
    const resources = [
      order('Metformin', 'One in the morning', '2024-01-01'),
      order('Metformin', 'One in the morning', '2026-01-01'),
      order('Metformin', 'Two in the morning', '2025-01-01'),
      order('Lisinopril', 'One in the morning', '2023-01-01'),
    ];
    const { active } = arrangeChart(
      resources.map((resource) => ({ bundle: 'a', resource })),
    ).medicines;
    const left = onceEach(active, ['fhir.dose'], englishWords);
    assert.deepEqual(
      left.map(({ resource }) => resource),
      [resources[1], resources[2], resources[3]],
    );
  });
});
