// The part of Swagger UI's bundle that the docs page uses; the package has no types of its own.
declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  interface SwaggerOptions {
    url: string;
    dom_id: string;
    deepLinking: boolean;
    validatorUrl: string | null;
    docExpansion: "list" | "full" | "none";
    defaultModelsExpandDepth: number;
    presets: unknown[];
  }
  const SwaggerUIBundle: { (options: SwaggerOptions): unknown; presets: { apis: unknown } };
  export default SwaggerUIBundle;
}
