namespace FunctionalGrad.Samples.CurveFit;

/// <summary>Files that a user names.</summary>
internal static class InputFile
{
    /// <exception cref="UserErrorException">The file cannot be read.</exception>
    public static string[] Lines(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : throw new UserErrorException($"there is no file {path}");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"cannot read {path}: {problem.Message}");
        }
    }
}
