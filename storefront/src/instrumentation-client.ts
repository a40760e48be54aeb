import { watchBrowser } from './errors/watch-browser'

// Next runs this file before a page becomes interactive.
watchBrowser()
