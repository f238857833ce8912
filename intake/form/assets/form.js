/*! With parts of govuk-frontend, MIT, Copyright (C) 2017 Crown Copyright (Government Digital Service) */
// The form works without this file: it moves the focus to what is wrong, and lets "None of these" stand alone.
import { Button, Checkboxes, ErrorSummary, Radios, SkipLink, createAll } from 'govuk-frontend'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')

for (const component of [Button, Checkboxes, ErrorSummary, Radios, SkipLink]) {
  createAll(component)
}
