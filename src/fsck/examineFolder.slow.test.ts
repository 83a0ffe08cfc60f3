import { examinationCases } from './examineFolder.cases.ts';

examinationCases(process.env['EVERY'] === '1' ? 'every' : 'half');
