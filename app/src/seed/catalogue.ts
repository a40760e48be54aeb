import type { Attribute } from '../public-fields/attributes'
import type { Drawing } from './pictures/drawings'

/** A category of the sample shop. */
export interface SeedCategory {
  handle: string
  name: string
  description: string
}

/** One variant; prices are decimal strings in major units, stock is in pieces. */
export interface SeedVariant {
  option: string
  eur: string
  usd: string
  stock: number
}

/** One product with one option (size, volume, pack…). */
export interface SeedProduct {
  handle: string
  title: string
  subtitle: string
  description: string
  category: string
  collection?: string
  drawing: Drawing
  optionName: string
  variants: SeedVariant[]
  facts: Partial<Record<Attribute, string>>
}

export const categories: SeedCategory[] = [
  {
    handle: 'glassware',
    name: 'Glassware',
    description: 'Borosilicate 3.3 for heating, mixing and measuring, graduated to be read.',
  },
  {
    handle: 'liquid-handling',
    name: 'Liquid handling',
    description: 'From a single microlitre to a full wash bottle: pipettes, tips and tubes.',
  },
  {
    handle: 'safety',
    name: 'Safety',
    description: 'What you wear so that a long day at the bench stays an ordinary one.',
  },
  {
    handle: 'microscopy',
    name: 'Microscopy',
    description: 'Microscopes, slides and the small things that make an image sharp.',
  },
  {
    handle: 'books-instruments',
    name: 'Books & instruments',
    description: 'Weigh it, time it, measure it, and write it down.',
  },
]

export const collections = [
  { handle: 'teaching-lab', title: 'Teaching lab' },
  { handle: 'field-kit', title: 'Field kit' },
]

const one = (option: string, eur: string, usd: string, stock = 400): SeedVariant => ({
  option,
  eur,
  usd,
  stock,
})

const product = (
  category: string,
  drawing: Drawing,
  handle: string,
  [title, subtitle]: [string, string],
  description: string,
  optionName: string,
  variants: SeedVariant[],
  facts: Partial<Record<Attribute, string>>,
  collection?: string,
): SeedProduct => ({
  category,
  drawing,
  handle,
  title,
  subtitle,
  description,
  optionName,
  variants,
  facts,
  collection,
})

const BOROSILICATE = { Material: 'Borosilicate glass 3.3', Autoclavable: 'Yes, 121 °C' }

export const products: SeedProduct[] = [
  product(
    'glassware',
    'erlenmeyer',
    'erlenmeyer-flask',
    ['Erlenmeyer flask', 'Narrow neck, beaded rim'],
    'The conical flask for swirling without spilling. A beaded rim survives the sink, and the enamel scale stays readable after hundreds of washes.',
    'Volume',
    [
      one('100 ml', '5.90', '6.50'),
      one('250 ml', '6.80', '7.40'),
      one('1000 ml', '12.40', '13.60'),
    ],
    { ...BOROSILICATE, Standard: 'ISO 1773' },
    'teaching-lab',
  ),
  product(
    'glassware',
    'beaker',
    'griffin-beaker',
    ['Griffin beaker', 'Low form with spout'],
    'A low beaker with a spout that pours without a drip. Uniform walls take a hot plate calmly, and there is a field to write on in pencil.',
    'Volume',
    [one('100 ml', '4.20', '4.60'), one('250 ml', '4.90', '5.40'), one('600 ml', '7.60', '8.30')],
    { ...BOROSILICATE, Standard: 'ISO 3819' },
    'teaching-lab',
  ),
  product(
    'glassware',
    'volumetric',
    'volumetric-flask',
    ['Volumetric flask', 'Class A, with stopper'],
    'For solutions whose concentration you will sign for. One ring mark, class A tolerance, a batch certificate and a polyethylene stopper that fits.',
    'Volume',
    [one('50 ml', '16.50', '17.90'), one('250 ml', '21.90', '23.90', 3)],
    { ...BOROSILICATE, Standard: 'ISO 1042, class A' },
  ),
  product(
    'glassware',
    'cylinder',
    'measuring-cylinder',
    ['Measuring cylinder', 'Tall form, hexagonal foot'],
    'A tall cylinder with fine graduation and a hexagonal foot that does not roll off the bench. Class B, good for everything but the final volume.',
    'Volume',
    [one('25 ml', '8.90', '9.80'), one('100 ml', '11.20', '12.30')],
    { ...BOROSILICATE, Standard: 'ISO 4788, class B' },
    'teaching-lab',
  ),
  product(
    'glassware',
    'testTubes',
    'test-tube-set',
    ['Test tube set with rack', 'Twelve tubes, beech rack'],
    'Twelve rimmed tubes of 16 by 160 mm in a beech rack that is oiled, not painted. Enough for a class experiment with controls.',
    'Set',
    [one('12 tubes', '24.00', '26.00')],
    { ...BOROSILICATE, Rack: 'Oiled beech' },
    'teaching-lab',
  ),
  product(
    'glassware',
    'petri',
    'petri-dish',
    ['Petri dish', 'Glass, reusable'],
    "Flat, clear and heavy enough to stay where you put it. The lid leaves a finger's edge, and the pair goes through the autoclave again and again.",
    'Diameter',
    [one('60 mm', '3.40', '3.80'), one('100 mm', '4.80', '5.30')],
    { ...BOROSILICATE, Pack: 'Dish and lid' },
  ),

  product(
    'liquid-handling',
    'micropipette',
    'micropipette',
    ['Adjustable micropipette', 'Single channel, fully autoclavable'],
    'A light plunger, a four-digit counter that locks, and a tip ejector that does not hurt by Friday. Delivered with a calibration report.',
    'Range',
    [
      one('2–20 µl', '129.00', '139.00'),
      one('20–200 µl', '129.00', '139.00'),
      one('100–1000 µl', '129.00', '139.00', 2),
    ],
    { Standard: 'ISO 8655', Warranty: '3 years' },
  ),
  product(
    'liquid-handling',
    'multichannel',
    'multichannel-pipette',
    ['Eight-channel pipette', 'For plates, 30–300 µl'],
    'Fills a column of a plate in one press, all eight alike. The manifold turns freely, so that both left and right hands find the angle.',
    'Range',
    [one('30–300 µl', '389.00', '419.00', 12)],
    { Standard: 'ISO 8655', Channels: '8' },
  ),
  product(
    'liquid-handling',
    'tips',
    'pipette-tips',
    ['Pipette tips', 'Racked, low retention'],
    'Low-retention tips in a rack that closes with one hand. Graduated, free of additives that would show up in your blank.',
    'Volume',
    [
      one('10 µl, 96', '6.90', '7.50'),
      one('200 µl, 96', '6.90', '7.50'),
      one('1000 µl, 96', '8.40', '9.20'),
    ],
    { Material: 'Polypropylene', Rack: 'Reusable' },
  ),
  product(
    'liquid-handling',
    'serological',
    'serological-pipette',
    ['Serological pipette', 'Individually wrapped'],
    'Clear, colour-coded and graduated both ways, to be used with any pipette controller. Each one sterile in its own sleeve.',
    'Volume',
    [one('5 ml, 50', '19.50', '21.00'), one('10 ml, 50', '22.00', '24.00')],
    { Material: 'Polystyrene', Sterile: 'Yes' },
  ),
  product(
    'liquid-handling',
    'microtubes',
    'microtubes',
    ['Microcentrifuge tubes', '1.5 ml, attached cap'],
    'A cap that opens with a thumb and stays shut in the rotor. Frosted for writing, clear for looking, in three colours that sort a bench.',
    'Pack',
    [one('500 pieces', '18.00', '19.50'), one('1000 pieces', '32.00', '34.50')],
    { Material: 'Polypropylene', 'Max. force': '20,000 × g' },
  ),
  product(
    'liquid-handling',
    'washBottle',
    'wash-bottle',
    ['Wash bottle', 'Wide neck, printed'],
    'A soft bottle with one draw tube, printed so that nobody has to guess. The wide neck fills straight from the tap.',
    'Volume',
    [one('250 ml', '4.60', '5.00'), one('500 ml', '5.40', '5.90')],
    { Material: 'LDPE', Print: 'Water' },
    'teaching-lab',
  ),

  product(
    'safety',
    'goggles',
    'safety-goggles',
    ['Safety goggles', 'Over glasses, anti-fog'],
    'Room for spectacles underneath, a lens that stays clear, and vents that do not let a splash in. The strap adjusts with gloves on.',
    'Size',
    [one('One size', '12.90', '13.90')],
    { Standard: 'EN 166, ANSI Z87.1', Lens: 'Polycarbonate' },
    'teaching-lab',
  ),
  product(
    'safety',
    'gloves',
    'nitrile-gloves',
    ['Nitrile gloves', 'Powder-free, 100 pieces'],
    'Thin enough to feel a cap thread and strong enough not to tear on it. No latex, no powder, textured fingertips.',
    'Size',
    [one('S', '11.50', '12.50'), one('M', '11.50', '12.50'), one('L', '11.50', '12.50')],
    { Standard: 'EN ISO 374-1', Material: 'Nitrile, 0.1 mm' },
  ),
  product(
    'safety',
    'labCoat',
    'lab-coat',
    ['Lab coat', 'Cotton twill, snap fasteners'],
    'Cotton that breathes, snaps that open in one pull, and an inside pocket for a phone. Cut to be worn open or closed.',
    'Size',
    [
      one('S', '39.00', '42.00'),
      one('M', '39.00', '42.00'),
      one('L', '39.00', '42.00'),
      one('XL', '39.00', '42.00'),
    ],
    { Material: '100 % cotton, 200 g/m²', Washing: '60 °C' },
  ),
  product(
    'safety',
    'faceShield',
    'face-shield',
    ['Face shield', 'Flip-up visor'],
    'A visor that flips up with one finger and stays where you leave it. The headband has a ratchet and a foam that washes.',
    'Size',
    [one('One size', '18.50', '19.90')],
    { Standard: 'EN 166', Visor: 'Polycarbonate, 1 mm' },
  ),
  product(
    'safety',
    'eyewash',
    'eyewash-bottle',
    ['Eye wash bottle', 'Sterile saline, ready to use'],
    'Twist, tilt, rinse. The cup keeps the stream in the eye and not on the floor. Mount it within ten seconds of every bench.',
    'Volume',
    [one('500 ml', '14.20', '15.50', 0)],
    { Standard: 'EN 15154-4', 'Shelf life': '36 months' },
    'field-kit',
  ),

  product(
    'microscopy',
    'microscope',
    'compound-microscope',
    ['Compound microscope', 'Binocular, LED, 40–1000×'],
    'Four plan objectives, a mechanical stage without play, and an LED that stays the same white at every brightness. Made to be used by many hands.',
    'Head',
    [one('Binocular', '649.00', '699.00', 8), one('Trinocular', '749.00', '809.00', 6)],
    { Objectives: '4×, 10×, 40×, 100× oil', Warranty: '5 years' },
  ),
  product(
    'microscopy',
    'slides',
    'prepared-slides',
    ['Prepared slides', 'Botany and histology'],
    'Thin sections, stained evenly and sealed for good, with a booklet that says what to look for and why.',
    'Set',
    [one('Botany, 25', '48.00', '52.00'), one('Histology, 25', '54.00', '58.00')],
    { Glass: '26 × 76 mm', Booklet: 'English' },
    'teaching-lab',
  ),
  product(
    'microscopy',
    'coverslips',
    'cover-glasses',
    ['Cover glasses', 'No. 1½, 100 pieces'],
    'Evenly 0.17 mm, which is what your objective was computed for. Interleaved, clean enough to use from the box.',
    'Size',
    [one('18 × 18 mm', '6.20', '6.80'), one('22 × 22 mm', '6.60', '7.20')],
    { Thickness: '0.17 mm', Standard: 'ISO 8255-1' },
  ),
  product(
    'microscopy',
    'loupe',
    'hand-loupe',
    ['Hand loupe', 'Achromatic, folding'],
    'A doublet that shows edges without colour. It folds into its own handle and hangs around the neck in the field.',
    'Magnification',
    [one('10×', '26.00', '28.00'), one('20×', '34.00', '36.50')],
    { Lens: 'Achromatic doublet', Diameter: '21 mm' },
    'field-kit',
  ),
  product(
    'microscopy',
    'micrometer',
    'stage-micrometer',
    ['Stage micrometer', '1 mm in 100 divisions'],
    'One millimetre, divided into hundredths, on a slide. The scale by which every other scale in your microscope is calibrated.',
    'Scale',
    [one('1 mm / 100', '58.00', '62.00')],
    { Accuracy: '± 1 µm', Certificate: 'Included' },
  ),

  product(
    'books-instruments',
    'notebook',
    'laboratory-notebook',
    ['Laboratory notebook', 'Numbered pages, sewn'],
    'Numbered, dated, sewn and witnessed: pages that lie flat and cannot be torn out unseen. Paper that takes ink and refuses coffee.',
    'Ruling',
    [one('Grid', '16.90', '17.90'), one('Ruled', '16.90', '17.90')],
    { Pages: '192, numbered', Paper: '100 g/m², acid-free' },
    'field-kit',
  ),
  product(
    'books-instruments',
    'handbook',
    'measure-and-uncertainty',
    ['Measure and Uncertainty', 'A working handbook'],
    'How sure are you? A practical course in estimating, combining and stating uncertainty, with a worked example on every second page.',
    'Binding',
    [one('Hardcover', '44.00', '48.00'), one('Paperback', '29.00', '32.00')],
    { Pages: '312', Language: 'English' },
  ),
  product(
    'books-instruments',
    'fieldGuide',
    'field-methods',
    ['Field Methods', 'Sampling, counting, recording'],
    'Transects, quadrats, traps and tables: methods that work in the rain, printed on paper that does, too.',
    'Binding',
    [one('Flexible cover', '31.00', '34.00')],
    { Pages: '248', Paper: 'Water-resistant' },
    'field-kit',
  ),
  product(
    'books-instruments',
    'balance',
    'analytical-balance',
    ['Analytical balance', '0.1 mg, internal calibration'],
    'Settles in two seconds and calibrates itself when the room warms up. Draught shield with doors that open with an elbow.',
    'Capacity',
    [one('120 g', '1190.00', '1290.00', 5), one('220 g', '1390.00', '1490.00', 4)],
    { Readability: '0.1 mg', Interface: 'USB, RS-232' },
  ),
  product(
    'books-instruments',
    'thermometer',
    'glass-thermometer',
    ['Glass thermometer', 'Red spirit, no mercury'],
    'Readable from across the bench, safe to drop in the sense that counts. Immersion line and a ring to hang it by.',
    'Range',
    [one('−10 to 110 °C', '7.90', '8.60'), one('−20 to 150 °C', '9.40', '10.20')],
    { Division: '1 °C', Filling: 'Red spirit' },
    'field-kit',
  ),
  product(
    'books-instruments',
    'stirrer',
    'hotplate-stirrer',
    ['Hot plate stirrer', 'Ceramic plate, digital'],
    'Heats evenly, stirs from a crawl to a vortex, and warns as long as the plate is hot, even when it is switched off.',
    'Plug',
    [one('EU', '249.00', '269.00', 15), one('US', '249.00', '269.00', 15)],
    { Temperature: 'Up to 380 °C', Speed: '100–1500 rpm' },
  ),
  product(
    'books-instruments',
    'timer',
    'bench-timer',
    ['Bench timer', 'Mechanical, 60 minutes'],
    'No battery, no menu: turn it, and it rings. The magnet holds it on the fume hood frame where you will hear it.',
    'Colour',
    [one('White', '13.50', '14.50')],
    { Range: '60 min', Magnet: 'Yes' },
    'teaching-lab',
  ),
  product(
    'books-instruments',
    'phMeter',
    'ph-meter',
    ['Portable pH meter', 'Waterproof, with electrode'],
    'Calibrates itself against three buffers and tells when the electrode is tired. Floats when it falls into the pond.',
    'Set',
    [
      one('Meter and electrode', '139.00', '149.00', 20),
      one('With case and buffers', '179.00', '192.00', 12),
    ],
    { Accuracy: '± 0.01 pH', Protection: 'IP67' },
    'field-kit',
  ),
  product(
    'books-instruments',
    'calipers',
    'digital-calipers',
    ['Digital calipers', 'Stainless steel, 150 mm'],
    'Smooth to the last tenth, with a zero that stays. Measures inside, outside, depth and step; switches to inches for those who must.',
    'Range',
    [one('150 mm', '36.00', '39.00'), one('200 mm', '46.00', '49.00')],
    { Resolution: '0.01 mm', Standard: 'DIN 862' },
  ),
]
