import type { Metadata, Viewport } from 'next'
import localFont from 'next/font/local'
import type { ReactNode } from 'react'
import { LANGUAGE } from '@/commerce/language'
import { publicAddress } from '@/environment'
import './globals.css'

const sans = localFont({
  src: '../../../node_modules/@fontsource-variable/ibm-plex-sans/files/ibm-plex-sans-latin-wght-normal.woff2',
  variable: '--font-plex',
  weight: '100 700',
})
const serif = localFont({
  src: '../../../node_modules/@fontsource-variable/newsreader/files/newsreader-latin-wght-normal.woff2',
  variable: '--font-newsreader',
  weight: '200 800',
  adjustFontFallback: 'Times New Roman',
})

export const metadata: Metadata = {
  metadataBase: publicAddress(),
  title: { default: 'Research Relay: supplies for the bench', template: '%s · Research Relay' },
  description:
    'Glassware, pipettes, safety, microscopy, books and instruments for teaching and research.',
  openGraph: { siteName: 'Research Relay', type: 'website' },
}

export const viewport: Viewport = { themeColor: '#fbf8f1' }

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang={LANGUAGE} className={`${sans.variable} ${serif.variable}`}>
      <body className="flex min-h-screen flex-col">{children}</body>
    </html>
  )
}
