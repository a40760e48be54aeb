import {
  ACCENT,
  box,
  glass,
  INK,
  label,
  line,
  liquid,
  marks,
  path,
  plain,
  round,
  shine,
  turned,
} from './shapes'

const TEAL = '#4fa596'
const BLUE = '#5b8fc7'
const SUN = '#f0b64a'
const ROSE = '#d77a8b'
const STEEL = '#c9d3d4'
const DARK = '#2f4f49'
const PAPER = '#fffaf0'

const tube = (x: number, y: number, height: number, colour: string, fill: number) => {
  const bottom = y + height
  const top = bottom - height * fill
  return (
    liquid(`M${x + 4} ${top}h40v${bottom - top - 22}a20 20 0 0 1-40 0z`, colour) +
    glass(`M${x} ${y}h48v${height - 24}a24 24 0 0 1-48 0z`) +
    line(`M${x - 8} ${y}h64`)
  )
}

/** Every drawing on a canvas of 600 by 600, by name. */
export const drawings = {
  erlenmeyer: () =>
    liquid('M214 380h172l58 96a22 22 0 0 1-20 34H176a22 22 0 0 1-20-34z', TEAL) +
    glass('M258 110v150L148 470a28 28 0 0 0 25 42h254a28 28 0 0 0 25-42L342 260V110z') +
    line('M244 110h112') +
    marks(238, 330, 460, 5) +
    shine('M196 452l40-74') +
    round(300, 440, 9, '#fff', 9, 0) +
    round(330, 410, 6, '#fff', 6, 0),
  beaker: () =>
    liquid('M182 320h236v164a26 26 0 0 1-26 26H208a26 26 0 0 1-26-26z', BLUE) +
    glass('M160 130h276l-14 34v320a30 30 0 0 1-30 30H208a30 30 0 0 1-30-30V164z') +
    marks(190, 240, 470, 9, 44) +
    shine('M396 220v180') +
    label(330, 300, 30, '600 ml'),
  volumetric: () =>
    liquid(
      'M290 210h20v110c60 12 104 60 104 114 0 50-30 80-66 80h-96c-36 0-66-30-66-80 0-54 44-102 104-114z',
      ROSE,
    ) +
    glass(
      'M276 120v194c-62 16-106 66-106 122 0 52 34 78 70 78h120c36 0 70-26 70-78 0-56-44-106-106-122V120z',
    ) +
    line('M268 206h64', ACCENT, 8) +
    box(266, 72, 68, 52, DARK) +
    shine('M214 420c4-26 20-48 44-60') +
    label(300, 452, 34, '250 ml'),
  cylinder: () =>
    liquid('M248 270h104v206H248z', SUN) +
    glass('M236 90h120l18-16v400H236z') +
    box(186, 474, 228, 40, STEEL) +
    marks(252, 140, 450, 16, 44) +
    shine('M356 150v250'),
  testTubes: () =>
    tube(166, 130, 300, TEAL, 0.55) +
    tube(276, 130, 300, SUN, 0.4) +
    tube(386, 130, 300, ROSE, 0.65) +
    box(120, 250, 360, 40, '#d9b98c') +
    box(120, 440, 360, 60, '#d9b98c') +
    box(120, 250, 26, 240, '#c7a472') +
    box(454, 250, 26, 240, '#c7a472'),
  petri: () =>
    round(300, 380, 190, '#fff', 92) +
    round(300, 360, 190, '#f6e7c8', 92) +
    round(240, 350, 18, TEAL, 12) +
    round(320, 390, 26, ROSE, 16) +
    round(370, 335, 14, SUN, 10) +
    round(290, 320, 12, TEAL, 8) +
    path('M110 250a190 92 0 0 1 380 0a190 92 0 0 1-380 0z', '#ffffff', { opacity: 0.5 }) +
    shine('M160 226c30-30 80-46 130-48'),
  micropipette: () =>
    turned(
      24,
      300,
      300,
      box(262, 120, 76, 190, TEAL, 26) +
        box(276, 62, 48, 60, DARK, 16) +
        box(284, 40, 32, 30, ACCENT, 10) +
        path('M338 150h44a20 20 0 0 1 0 40h-44', TEAL) +
        box(274, 196, 52, 78, PAPER, 8) +
        label(300, 230, 26, '1') +
        label(300, 260, 26, '00') +
        path('M276 310h48l-8 110h-32z', STEEL) +
        path('M286 420h28l-8 120h-12z', '#fff', { opacity: 0.8 }),
    ),
  tips: () =>
    box(110, 300, 380, 200, BLUE, 20) +
    plain(140, 380, 320, 70, '#ffffffaa') +
    label(300, 428, 40, '200 µl', INK) +
    [0, 1, 2, 3, 4, 5, 6]
      .map((i) => path(`M${138 + i * 48} 196h30l-8 104h-14z`, SUN, { opacity: 0.9, width: 5 }))
      .join('') +
    path('M110 300l30-50h320l30 50z', '#dbe6f2'),
  washBottle: () =>
    path(
      'M200 260c0-40 40-50 60-60h80c20 10 60 20 60 60v210a40 40 0 0 1-40 40H240a40 40 0 0 1-40-40z',
      '#fdfdf8',
    ) +
    box(250, 150, 100, 54, ACCENT) +
    line('M300 150V96c0-30-40-30-70-20L150 110', INK, 12) +
    liquid('M206 380h188v90a34 34 0 0 1-34 34H240a34 34 0 0 1-34-34z', '#a9d3e6') +
    label(300, 340, 38, 'WATER') +
    plain(226, 356, 148, 10, ACCENT),
  microtubes: () =>
    [0, 1, 2]
      .map((i) => {
        const x = 130 + i * 130
        const colour = [TEAL, ROSE, SUN][i] ?? TEAL
        return (
          liquid(`M${x + 8} 330h64v40l-24 90a8 8 0 0 1-16 0l-24-90z`, colour) +
          glass(`M${x} 220h80v150l-28 100a12 12 0 0 1-24 0l-28-100z`) +
          path(`M${x - 6} 196h92v26h-92z`, colour) +
          path(`M${x + 86} 200c26-6 30-50 4-64`, 'none') +
          box(x + 4, 108, 80, 30, colour, 10)
        )
      })
      .join(''),
  multichannel: () =>
    box(256, 70, 88, 190, DARK, 26) +
    box(284, 36, 32, 40, ACCENT, 10) +
    box(274, 130, 52, 70, PAPER, 8) +
    label(300, 176, 30, '8×') +
    path('M140 260h320l-16 90H156z', TEAL) +
    [0, 1, 2, 3, 4, 5, 6, 7]
      .map((i) => path(`M${160 + i * 37} 350h22l-6 150h-10z`, '#fff', { opacity: 0.85, width: 5 }))
      .join(''),
  serological: () =>
    turned(
      38,
      300,
      300,
      glass('M276 40h48v400l-14 70-10 50-10-50-14-70z') +
        liquid('M281 250h38v186l-19 60-19-60z', ROSE) +
        marks(280, 110, 420, 13, 30) +
        plain(276, 60, 48, 22, SUN) +
        plain(276, 94, 48, 10, SUN),
    ),
  goggles: () =>
    line('M96 270C60 250 60 330 96 330M504 270c36-20 36 60 0 60', DARK, 22) +
    path(
      'M100 230c0-30 30-50 70-50h260c40 0 70 20 70 50v90c0 60-50 90-100 90-50 0-60-40-100-40s-50 40-100 40c-50 0-100-30-100-90z',
      '#cfe6ee',
      { opacity: 0.75 },
    ) +
    path('M100 230c0-30 30-50 70-50h260c40 0 70 20 70 50', 'none', { stroke: ACCENT, width: 20 }) +
    shine('M146 300c0-40 20-60 60-66') +
    shine('M350 250c20-10 40-14 60-12') +
    box(280, 160, 40, 30, DARK, 8),
  gloves: () => {
    const hand = (mirror: number) =>
      `<g transform="translate(${mirror < 0 ? 590 : 10} 0) scale(${mirror} 1)">${path('M120 500V360l-30-60c-14-26 20-46 38-22l26 36V150c0-28 38-28 38 0v-30c0-28 40-28 40 0v34c2-24 38-24 38 2v40c4-20 34-18 34 4v150c0 60-20 80-20 110v40z', BLUE)}${line('M112 470h176', '#3f6ea3', 8)}</g>`
    return `<g transform="translate(60 40) scale(.8)">${hand(1)}</g><g transform="translate(60 40) scale(.8) translate(-40 0)">${turned(8, 420, 400, hand(-1))}</g>`
  },
  labCoat: () =>
    path(
      'M220 110l-90 50-50 230 66 20 30-110v210h248V300l30 110 66-20-50-230-90-50-80 90z',
      '#ffffff',
    ) +
    path('M220 110l80 90 80-90-26-14h-108z', '#dfeae8') +
    line('M300 200v310') +
    round(316, 280, 7, INK) +
    round(316, 350, 7, INK) +
    round(316, 420, 7, INK) +
    box(340, 250, 62, 66, '#eef4f3', 6) +
    line('M356 236v40', ACCENT, 9) +
    box(196, 400, 74, 70, '#eef4f3', 6),
  faceShield: () =>
    path('M160 190h280c20 90 10 230-60 290-40 34-120 34-160 0-70-60-80-200-60-290z', '#d5ebf2', {
      opacity: 0.7,
    }) +
    path('M140 150c80-50 240-50 320 0v60c-80-40-240-40-320 0z', DARK) +
    round(150, 190, 26, ACCENT) +
    round(450, 190, 26, ACCENT) +
    shine('M210 420c-30-50-36-110-30-170'),
  eyewash: () =>
    path('M210 220h180v260a34 34 0 0 1-34 34H244a34 34 0 0 1-34-34z', '#8fc6b8') +
    path('M230 150h140l20 70H210z', '#fff') +
    path('M240 150c0-70 120-70 120 0z', ACCENT) +
    box(236, 280, 128, 150, '#fff', 10) +
    path('M300 300v110M245 355h110', 'none', { stroke: '#2f8f6b', width: 30 }),
  microscope: () =>
    box(150, 470, 300, 44, DARK, 16) +
    path('M380 470c70-60 80-190 0-260l-40 40c50 50 40 140-10 220z', TEAL) +
    box(200, 380, 190, 26, DARK, 6) +
    turned(
      -22,
      300,
      230,
      box(262, 120, 72, 190, PAPER, 14) +
        box(272, 70, 52, 56, DARK, 8) +
        box(280, 310, 36, 50, STEEL, 6) +
        plain(264, 200, 68, 16, ACCENT, 0),
    ) +
    round(400, 330, 30, SUN) +
    round(400, 330, 10, DARK) +
    plain(226, 366, 110, 14, '#a9d3e6'),
  slides: () =>
    [0, 1, 2]
      .map((i) => {
        const colour = [ROSE, TEAL, SUN][i] ?? ROSE
        return turned(
          -14 + i * 14,
          300,
          560,
          path(`M${230} ${130 + i * 6}h140v330h-140z`, '#ffffff', { opacity: 0.75 }) +
            plain(236, 136 + i * 6, 128, 70, PAPER, 2) +
            round(300, 330, 42, colour, 52, 4) +
            line('M262 160h76', INK, 4) +
            line('M262 180h50', INK, 4),
        )
      })
      .join(''),
  coverslips: () =>
    box(160, 330, 280, 150, BLUE, 16) +
    plain(190, 370, 220, 70, PAPER) +
    label(300, 420, 40, '22 × 22') +
    turned(-8, 300, 240, path('M220 130h170v170H220z', '#ffffff', { opacity: 0.7 })) +
    turned(9, 300, 240, path('M210 160h170v150H210z', '#e2f2f6', { opacity: 0.7 })) +
    shine('M246 210l60-50'),
  loupe: () =>
    turned(-40, 300, 300, box(270, 330, 60, 220, DARK, 26) + box(278, 310, 44, 50, STEEL, 6)) +
    round(236, 220, 140, '#d5ebf2', 140, 18) +
    shine('M150 220c0-50 36-86 84-88') +
    label(250, 246, 64, '10×'),
  micrometer: () =>
    path('M90 210h420v190H90z', '#ffffff', { opacity: 0.75 }) +
    round(300, 305, 74, '#eef6f8') +
    Array.from({ length: 13 }, (_, i) =>
      line(`M${248 + i * 8.6} 305v${i % 4 === 0 ? -34 : -20}`, INK, 4),
    ).join('') +
    line('M244 305h112', INK, 4) +
    label(170, 370, 26, '1 mm') +
    shine('M110 236h90'),
  notebook: () =>
    path('M170 90h260a20 20 0 0 1 20 20v380a20 20 0 0 1-20 20H170z', DARK) +
    plain(170, 90, 44, 420, ACCENT, 0) +
    box(250, 170, 160, 110, PAPER, 8) +
    label(330, 220, 26, 'LAB BOOK') +
    line('M270 248h120', INK, 4) +
    line('M440 130v350', '#fff', 5) +
    line('M430 300h54', INK, 12) +
    line('M214 90v420'),
  handbook: () =>
    turned(
      -5,
      300,
      300,
      path('M150 110h280v390H150z', '#3d6b8f') +
        path('M430 110l26 20v390l-26-20z', PAPER) +
        path('M150 500h280l26 20H176z', PAPER) +
        plain(180, 150, 220, 8, SUN) +
        label(290, 220, 36, 'MEASURE', '#fff') +
        label(290, 262, 22, 'and uncertainty', '#fff') +
        line('M190 440c40-4 44-130 100-130s60 126 100 130', SUN, 8) +
        line('M190 448h200', '#fff', 5),
    ),
  fieldGuide: () =>
    path('M160 100h270v400H160z', '#6f8f4a') +
    plain(160, 100, 36, 400, '#55702f', 0) +
    label(316, 170, 34, 'FIELD', '#fff') +
    label(316, 208, 34, 'METHODS', '#fff') +
    path('M316 450c-70-40-80-120 0-190 80 70 70 150 0 190z', '#cfe0a8') +
    line('M316 270v180', '#55702f', 6) +
    line('M316 360l34-30M316 400l-34-34', '#55702f', 5),
  balance: () =>
    path('M130 380h340l30 130H100z', '#e9eeee') +
    box(200, 430, 200, 56, DARK, 8) +
    label(300, 472, 42, '0.0000', '#9be3c4') +
    round(300, 356, 120, STEEL, 26) +
    path('M170 350V120h260v230', '#d5ebf2', { opacity: 0.45 }) +
    line('M150 120h300', INK, 12) +
    path('M270 340v-50h60v50z', SUN) +
    round(300, 284, 16, SUN),
  thermometer: () =>
    turned(
      32,
      300,
      300,
      glass('M272 60a28 28 0 0 1 56 0v350a56 56 0 1 1-56 0z') +
        round(300, 458, 42, ACCENT, 42, 0) +
        liquid('M290 210h20v220h-20z', ACCENT) +
        marks(280, 100, 390, 13, 28),
    ),
  stirrer: () =>
    box(120, 400, 360, 114, '#e9eeee', 18) +
    box(150, 366, 300, 40, DARK, 8) +
    round(200, 460, 28, TEAL) +
    line('M200 460l14-16') +
    round(400, 460, 28, ACCENT) +
    line('M400 460l-8-20') +
    label(300, 472, 28, '300 rpm') +
    liquid('M222 230h156v118a14 14 0 0 1-14 14H236a14 14 0 0 1-14-14z', BLUE) +
    glass('M206 120h188l-10 26v206a16 16 0 0 1-16 14H232a16 16 0 0 1-16-14V146z') +
    path('M222 230c50 70 106 70 156 0z', '#cfe0f2') +
    box(268, 336, 64, 20, '#fff', 10),
  timer: () =>
    round(300, 330, 180, '#fff', 180, 12) +
    round(300, 330, 140, '#f4f7f5') +
    box(270, 90, 60, 60, DARK, 8) +
    turned(38, 300, 330, box(280, 110, 40, 36, DARK, 8)) +
    Array.from({ length: 12 }, (_, i) => turned(i * 30, 300, 330, line('M300 206v20'))).join('') +
    path('M300 330V200a130 130 0 0 1 122 86z', ACCENT, { opacity: 0.85 }) +
    line('M300 330V214', INK, 10) +
    round(300, 330, 12, INK),
  phMeter: () =>
    box(150, 110, 170, 330, TEAL, 24) +
    box(178, 146, 114, 90, '#dff3e4', 8) +
    label(235, 206, 48, '7.00') +
    round(205, 300, 20, PAPER) +
    round(265, 300, 20, PAPER) +
    round(235, 360, 24, ACCENT) +
    line('M236 440c0 80 180 90 180-20V200', INK, 9) +
    box(390, 130, 52, 200, DARK, 14) +
    path('M398 330h36v110a18 18 0 0 1-36 0z', '#ffffff', { opacity: 0.8 }) +
    round(416, 440, 14, ROSE),
  calipers: () =>
    turned(
      -18,
      300,
      300,
      box(60, 240, 480, 60, STEEL, 6) +
        path('M90 300h60l-20 170-40-40z', STEEL) +
        path('M90 240h40v-70z', STEEL) +
        path('M260 300h60l-60 170v-40z', STEEL) +
        box(250, 220, 170, 100, DARK, 10) +
        box(270, 240, 120, 56, '#dff3e4', 6) +
        label(330, 282, 36, '24.05') +
        Array.from({ length: 12 }, (_, i) =>
          line(`M${436 + i * 8} 300v-${i % 4 ? 14 : 26}`, INK, 3),
        ).join('') +
        round(400, 334, 16, ACCENT),
    ),
} satisfies Record<string, () => string>

export type Drawing = keyof typeof drawings
