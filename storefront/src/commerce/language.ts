/** The language of every page (BCP 47); each cart keeps it, so that the shopper's mails are in it. */
export const LANGUAGE = 'en'
