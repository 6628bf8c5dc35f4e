import { useState } from 'react'
import type { Box } from '../api/shapes'
import classes from './page-image.module.css'

interface PageCropProps {
  src: string
  alt: string
  box: Box
}

/** A little paper around the line, as shares of its own size. */
const margin = 0.35

/** The one line of a page that something was read from, as large as there is room. */
export function PageCrop({ src, alt, box: [x0 = 0, y0 = 0, x1 = 1, y1 = 1] }: PageCropProps) {
  const [shape, setShape] = useState<number | null>(null)
  const width = x1 - x0
  const top = Math.max(0, y0 - (y1 - y0) * margin)
  const height = (y1 - y0) * (1 + margin * 2)
  return (
    <div
      className={classes.crop}
      style={{ aspectRatio: shape === null ? '12 / 1' : `${width * shape} / ${height}` }}
    >
      <img
        src={src}
        alt={alt}
        style={{
          width: `${100 / width}%`,
          transform: `translate(${-x0 * 100}%, ${-top * 100}%)`,
        }}
        onLoad={(event) => {
          const { naturalWidth, naturalHeight } = event.currentTarget
          if (naturalHeight > 0) setShape(naturalWidth / naturalHeight)
        }}
      />
    </div>
  )
}
