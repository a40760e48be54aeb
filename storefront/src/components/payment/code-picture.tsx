import type { QrCode } from '@/commerce/qr-code'

/** Squares of light that a scanner needs around a code. */
const BORDER = 4

/** Runs of dark squares, row by row, as strokes. */
function strokes(code: QrCode): string {
  return code
    .flatMap((row, y) =>
      [...row.matchAll(/1+/g)].map((run) => `M${run.index} ${y}h${run[0].length}`),
    )
    .join('')
}

/** A QR code that is drawn by its squares, in dark on white in any theme. */
export function CodePicture({ code, label }: { code: QrCode; label: string }) {
  const size = code.length + 2 * BORDER
  return (
    <svg
      viewBox={`${-BORDER} ${-BORDER} ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
      className="w-full rounded-xl border border-line bg-white"
    >
      <path d={strokes(code)} stroke="#000" transform="translate(0 .5)" />
    </svg>
  )
}
