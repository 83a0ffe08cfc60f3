import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;

/**
 * Validates each resource of a folder with HL7's own engine, without a network: by the definitions of R4, and by the
 * profiles that it claims if a second folder has them. Prints a line for each error, and one for each resource.
 */
public final class Validate {
  private static final Pattern PROFILE = Pattern.compile("^(?:StructureDefinition|CodeSystem|ValueSet)-.*");

  public static void main(String[] folders) throws Exception {
    FhirContext context = FhirContext.forR4();
    PrePopulatedValidationSupport profiles = new PrePopulatedValidationSupport(context);
    if (folders.length > 1) {
      for (Path path : jsonIn(Path.of(folders[1]))) {
        if (!PROFILE.matcher(path.getFileName().toString()).matches()) continue;
        profiles.addResource(context.newJsonParser().parseResource(Files.readString(path)));
      }
    }
    FhirInstanceValidator engine = new FhirInstanceValidator(new ValidationSupportChain(
        new DefaultProfileValidationSupport(context),
        profiles,
        new SnapshotGeneratingValidationSupport(context),
        new CommonCodeSystemsTerminologyService(context),
        new InMemoryTerminologyServerValidationSupport(context)));
    engine.setErrorForUnknownProfiles(folders.length > 1);
    FhirValidator validator = context.newValidator().registerValidatorModule(engine);
    for (Path path : jsonIn(Path.of(folders[0]))) {
      validator.validateWithResult(Files.readString(path)).getMessages().stream()
          .filter(each -> each.getSeverity().compareTo(ResultSeverityEnum.ERROR) >= 0)
          .forEach(each -> System.out.println(path.getFileName() + "\terror\t"
              + each.getLocationString() + "\t" + each.getMessage().replaceAll("\\s+", " ")));
      System.out.println(path.getFileName() + "\tdone");
    }
  }

  private static List<Path> jsonIn(Path folder) throws Exception {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.filter(path -> path.toString().endsWith(".json")).sorted().toList();
    }
  }
}
