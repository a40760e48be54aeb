'use client'

import Image, { type ImageProps } from 'next/image'
import { useState } from 'react'

/** A picture, or the plain ground beneath it where it cannot be drawn: never the browser's broken icon. */
export function Picture({ className = '', ...props }: ImageProps) {
  const [failed, setFailed] = useState(false)
  // It may have failed before this page became interactive: then nobody was told.
  const look = (image: HTMLImageElement | null) => {
    if (image?.complete && image.naturalWidth === 0 && image.currentSrc !== '') setFailed(true)
  }
  return (
    <Image
      {...props}
      ref={look}
      onError={() => setFailed(true)}
      className={failed ? `${className} opacity-0` : className}
    />
  )
}
