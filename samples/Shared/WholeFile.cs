namespace FunctionalGrad.Samples;

/// <summary>Files that are either there in full or not at all: written beside their place, then moved into it.</summary>
internal static class WholeFile
{
    /// <summary>Finds out before hours of work that a file could not be written after them.</summary>
    /// <exception cref="UserErrorException">The path names a folder, or a file in a folder that does not exist.</exception>
    public static void RequirePlaceFor(string path, string option)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (Directory.Exists(path))
        {
            throw new UserErrorException($"{option} {path}: that is a folder; name a file in it");
        }

        if (folder is not null && !Directory.Exists(folder))
        {
            throw new UserErrorException($"{option} {path}: there is no folder {folder}; create it first, or name another");
        }
    }

    /// <summary>Writes a file, replacing one that is there.</summary>
    /// <exception cref="UserErrorException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<string> lines)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.WriteAllText(temporary, string.Concat(lines.Select(line => line + "\n")));
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new UserErrorException($"cannot write {path}: {problem.Message}");
        }
    }
}
