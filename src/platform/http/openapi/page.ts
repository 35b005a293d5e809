import type { SwaggerCustomOptions } from '@nestjs/swagger';

/** How the page to read and try the API behaves. */
export const PAGE_OPTIONS: SwaggerCustomOptions['swaggerOptions'] = {
  // Tokens stay out of the browser's storage: they are gone with the page.
  persistAuthorization: false,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  defaultModelRendering: 'example',
  // Its badge would be fetched from another host.
  validatorUrl: null,
};

/** Without the bar that asks for another document, and with the room that a table of refusals needs. */
export const PAGE_STYLE = `
.swagger-ui .topbar { display: none }
.swagger-ui .info { margin: 2rem 0 }
.swagger-ui .scheme-container { padding: 1rem 0; box-shadow: none; border-bottom: 1px solid #d8dde7 }
.swagger-ui .servers-title, .swagger-ui .servers { display: none }
`;
