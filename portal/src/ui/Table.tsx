import { useId, type ReactNode } from 'react';
import classes from './Table.module.css';

/** Properties of `Table`. */
export interface TableProps {
  readonly caption: string;
  /** True if the heading above says the same: the caption is then for screen readers alone. */
  readonly isTitled?: boolean;
  /** A small one stays a table on a narrow screen, and stands beside something of the same. */
  readonly look?: 'table' | 'small';
  readonly columns: readonly string[];
  /** Cells of each row; the first names the row. */
  readonly rows: readonly {
    readonly key: string | number;
    readonly cells: readonly ReactNode[];
  }[];
}

/** A table with a caption; on a narrow screen each row stands as a card, each cell with its column's name. */
export function Table(props: TableProps): ReactNode {
  const { caption, isTitled = false, look = 'table', columns, rows } = props;
  const id = useId();
  return (
    <table className={classes[look]} aria-labelledby={id}>
      <caption id={id} className={isTitled ? classes['unseen'] : undefined}>
        {caption}
      </caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells }) => (
          <tr key={key}>
            {cells.map((cell, place) =>
              place === 0 ? (
                <th key={columns[place]} scope="row" data-column={columns[place]}>
                  {cell}
                </th>
              ) : (
                <td key={columns[place]} data-column={columns[place]}>
                  {cell}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
