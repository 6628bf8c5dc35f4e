import classes from './chart.module.css'

interface FiguresTableProps {
  caption: string
  head: readonly string[]
  rows: readonly (readonly string[])[]
}

/** What a chart draws, as a table for whoever wants figures or cannot see the drawing. */
export function FiguresTable({ caption, head, rows }: FiguresTableProps) {
  return (
    <details className={classes.details}>
      <summary>{caption} as a table</summary>
      <div className={classes.frame} role="region" aria-label={caption} tabIndex={0}>
        <table className={classes.table}>
          <thead>
            <tr>
              {head.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells) => (
              <tr key={cells[0]}>
                {cells.map((cell, at) =>
                  at === 0 ? (
                    <th key={head[at]} scope="row">
                      {cell}
                    </th>
                  ) : (
                    <td key={head[at]}>{cell}</td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
